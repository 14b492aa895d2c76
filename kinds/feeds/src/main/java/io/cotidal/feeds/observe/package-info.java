/** What looks at repository, database and GeoServer give. Records only. */
@NullMarked
package io.cotidal.feeds.observe;

import org.jspecify.annotations.NullMarked;
