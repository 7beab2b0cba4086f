"""The knowledge base: sheets written from the source documents, and queries over them."""
