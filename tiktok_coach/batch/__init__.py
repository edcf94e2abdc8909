"""Many accounts on many cores or machines: the studies of one account, run by Dask over all of them."""
