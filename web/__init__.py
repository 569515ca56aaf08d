"""The front of the house: thin ASGI modules, and the pages that the app serves."""
