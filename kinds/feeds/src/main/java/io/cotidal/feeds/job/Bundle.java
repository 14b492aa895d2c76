package io.cotidal.feeds.job;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The files of one subject in one channel: a job and what lies beside it. */
final class Bundle {
  /** A file with what it holds. */
  record Sheet(JobFile file, String text) {
    String place() {
      return file.place();
    }
  }

  private final Map<JobFile.Part, Sheet> sheets = new EnumMap<>(JobFile.Part.class);

  void add(JobFile file, String text) {
    sheets.put(file.part(), new Sheet(file, text));
  }

  Optional<Sheet> sheet(JobFile.Part part) {
    return Optional.ofNullable(sheets.get(part));
  }
}
