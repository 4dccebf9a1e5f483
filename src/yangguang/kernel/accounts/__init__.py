"""Who may sign in: accounts of staff and citizens, invitations, the post somebody acts in."""
