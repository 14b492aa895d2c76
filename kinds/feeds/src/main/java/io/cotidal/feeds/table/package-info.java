/** Published tables in PostGIS: generations behind a view, swapped in without one failed read. */
@NullMarked
package io.cotidal.feeds.table;

import org.jspecify.annotations.NullMarked;
