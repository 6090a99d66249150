"""What stands between a chat model's client and us: settings, requests, what streams say, faults, retries, prices."""
