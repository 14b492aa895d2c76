/** What is done to one member: started, taken out, taken back, made anew. */
@NullMarked
package io.cotidal.postgres.plan.members;

import org.jspecify.annotations.NullMarked;
