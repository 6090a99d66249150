"""The web app's pages, one a file, and what they share: the one place, with app.py, that knows Streamlit."""
