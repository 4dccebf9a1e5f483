"""What tests of the whole house stand on: a copy of the demonstration, a site that serves it, its visitors."""
