package io.cotidal.app.config;

import java.util.Optional;

/** Where a running daemon finds its configuration again. Thread-safe. */
public interface Rereading {
  /** Of a daemon that was given its configuration by nobody who could give it another. */
  Rereading NONE =
      new Rereading() {
        @Override
        public String place() {
          return "";
        }

        @Override
        public Loaded read() {
          throw new IllegalStateException("there is no configuration to read again");
        }

        @Override
        public Loaded judge(String text) {
          return read();
        }

        @Override
        public Optional<String> text() {
          return Optional.empty();
        }
      };

  /** The file's whole path; empty if there is none. */
  String place();

  /** What it says now. */
  Loaded read();

  /** What {@code text} would say in its place. */
  Loaded judge(String text);

  /** What stands in it now; empty if it cannot be read. */
  Optional<String> text();
}
