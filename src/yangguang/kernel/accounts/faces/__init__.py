"""Pages of the accounts room: accept an invitation, choose the acting post, the demonstration's login chooser."""
