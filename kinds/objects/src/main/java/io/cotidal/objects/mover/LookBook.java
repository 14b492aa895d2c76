package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Book;
import io.cotidal.objects.agree.Cursor;
import io.cotidal.objects.agree.Deferred;
import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A book that is read and never written: for a pass that only looks. */
final class LookBook implements Book {
  private final Book book;

  /** Over one that is closed with it. */
  LookBook(Book book) {
    this.book = book;
  }

  @Override
  public AgreedSource rows() throws IOException {
    return book.rows();
  }

  /** It begins at the first name, wherever another pass has stopped. */
  @Override
  public Optional<Cursor> cursor() {
    return Optional.empty();
  }

  @Override
  public SiteSet joined() {
    return book.joined();
  }

  @Override
  public void keep(Agreed row) {}

  @Override
  public void drop(Key key) {}

  @Override
  public void flush() {}

  @Override
  public void force() {}

  @Override
  public void mark(Cursor cursor) {}

  @Override
  public void defer(Deferred deletion) {}

  @Override
  public long deferredBytes() {
    return 0;
  }

  @Override
  public DeferredSource deferred() {
    return new DeferredSource() {
      @Override
      public @Nullable Deferred next() {
        return null;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void finish(SiteSet joined) {}

  @Override
  public void close() throws IOException {
    book.close();
  }
}
