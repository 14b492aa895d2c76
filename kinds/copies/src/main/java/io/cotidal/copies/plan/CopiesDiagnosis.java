package io.cotidal.copies.plan;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Severity;
import java.util.List;

/** The verdict on a template and its copies. */
public sealed interface CopiesDiagnosis extends Diagnosis {
  /** All is as it should be. */
  record Healthy(String generation, int copies, int spares) implements CopiesDiagnosis {
    @Override
    public String code() {
      return "healthy";
    }

    @Override
    public String sentence() {
      return "copies are made of " + generation + "; " + copies + " in use, " + spares + " waiting";
    }

    @Override
    public Severity severity() {
      return Severity.INFO;
    }

    @Override
    public Details evidence() {
      return Details.of("generation", generation).with("copies", copies).with("spares", spares);
    }
  }

  /** Nobody has looked at the host yet, or the look did not tell. */
  record Unclear(String reason) implements CopiesDiagnosis {
    @Override
    public String code() {
      return "unclear";
    }

    @Override
    public String sentence() {
      return "the host cannot be looked at: " + reason;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("reason", reason);
    }
  }

  /**
   * There is nothing to copy yet.
   *
   * @param failure why the last import failed; empty if none did
   * @param what is to be imported, for people
   */
  record NoGeneration(boolean importing, String failure, String what) implements CopiesDiagnosis {
    @Override
    public String code() {
      return importing ? "importing" : "no-generation";
    }

    @Override
    public String sentence() {
      return importing
          ? "the first generation is being imported"
          : failure.isEmpty()
              ? "there is nothing to copy: import " + what
              : "there is nothing to copy: the import failed: " + failure;
    }

    @Override
    public Severity severity() {
      return importing ? Severity.INFO : Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return failure.isEmpty() ? Details.NONE : Details.of("failure", failure);
    }
  }

  /** The last import failed; copies are made of an older generation. */
  record Stale(String generation, String failure) implements CopiesDiagnosis {
    @Override
    public String code() {
      return "import-failed";
    }

    @Override
    public String sentence() {
      return "copies are made of " + generation + " still: the import failed: " + failure;
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("generation", generation).with("failure", failure);
    }
  }

  /** Copies whose servers do not run although nobody stopped them. */
  record Down(List<String> copies) implements CopiesDiagnosis {
    @Override
    public String code() {
      return "copies-down";
    }

    @Override
    public String sentence() {
      return "the servers of these copies do not run: " + String.join(", ", copies);
    }

    @Override
    public Severity severity() {
      return Severity.WARNING;
    }

    @Override
    public Details evidence() {
      return Details.of("copies", String.join(",", copies));
    }
  }

  /** The volume takes no writes: nothing can be made or removed. */
  record ReadOnly() implements CopiesDiagnosis {
    @Override
    public String code() {
      return "volume-read-only";
    }

    @Override
    public String sentence() {
      return "the volume takes no writes: nothing can be made or removed";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }

    @Override
    public Details evidence() {
      return Details.NONE;
    }
  }

  /** There is less room left than must stay. */
  record Full(long freeBytes, long reserveBytes) implements CopiesDiagnosis {
    @Override
    public String code() {
      return "volume-full";
    }

    @Override
    public String sentence() {
      return "the volume has "
          + freeBytes / 1_048_576
          + " MiB left, less than the "
          + reserveBytes / 1_048_576
          + " MiB that must stay: no copy is made";
    }

    @Override
    public Severity severity() {
      return Severity.CRITICAL;
    }

    @Override
    public Details evidence() {
      return Details.of("reserve", reserveBytes);
    }
  }
}
