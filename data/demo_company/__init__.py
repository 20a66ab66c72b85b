"""The demo company: a made-up maker of motion and heating parts, one module per matter."""
