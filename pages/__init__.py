"""The app's pages: the only rooms that know Streamlit."""
