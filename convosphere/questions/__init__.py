"""Questions that documents did not answer: kept together with others like them until somebody sees to them."""
