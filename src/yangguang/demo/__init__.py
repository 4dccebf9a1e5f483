"""The demonstration province 青禾省: invented throughout, built by commands, with a movable clock."""
