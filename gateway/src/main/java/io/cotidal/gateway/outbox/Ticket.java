package io.cotidal.gateway.outbox;

import io.cotidal.objects.names.Timestamp;

/**
 * An intention that is on the disk.
 *
 * @param id of it
 * @param stamp its place in the order of all changes
 */
public record Ticket(long id, Timestamp stamp) {}
