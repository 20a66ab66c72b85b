"""What planners see: words, tables and charts made from plans. Altair is imported nowhere else."""
