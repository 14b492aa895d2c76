/** What a look at the host tells of a template's generations and copies. */
@NullMarked
package io.cotidal.copies.observe;

import org.jspecify.annotations.NullMarked;
