/**
 * What is known of a cluster as a whole: the ledger, who is out, who follows whom, the diagnosis.
 */
@NullMarked
package io.cotidal.postgres.plan.cluster;

import org.jspecify.annotations.NullMarked;
