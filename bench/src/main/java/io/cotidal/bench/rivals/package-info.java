/** PostgreSQL's failover beside other programs that look after it: the same faults, one prober. */
@NullMarked
package io.cotidal.bench.rivals;

import org.jspecify.annotations.NullMarked;
