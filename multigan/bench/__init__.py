"""Measurements that users can repeat: how many modes each loss and penalty covers."""
