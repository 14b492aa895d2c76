/** State repositories in Mercurial and Git: pulled, read, and marked as applied. */
@NullMarked
package io.cotidal.feeds.repository;

import org.jspecify.annotations.NullMarked;
