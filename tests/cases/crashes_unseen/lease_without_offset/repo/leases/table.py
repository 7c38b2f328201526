from leases.lease import Lease


def holders(records, now):
    """Who holds a lease at a time, which has an offset."""
    return [lease.holder for lease in map(Lease.from_record, records) if lease.is_held(now)]
