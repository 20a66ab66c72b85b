delete from audit.tour
where stop = $stop
