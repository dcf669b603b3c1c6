"""What leaves the house: letters by SMTP, by a webhook or on the screen; effects by a webhook."""
