/** Other programs that look after PostgreSQL, for tests beside them and for measurements. */
@NullMarked
package io.cotidal.lab.rivals;

import org.jspecify.annotations.NullMarked;
