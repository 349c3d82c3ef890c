"""Parts -> findings -> records. Pure: `scan` finds values, `group` puts those of one customer together."""
