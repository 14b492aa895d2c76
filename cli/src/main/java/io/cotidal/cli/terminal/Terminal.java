package io.cotidal.cli.terminal;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The three streams of the process and what is known of them.
 *
 * @param in answers to questions
 * @param out data
 * @param err talk: progress, questions, errors
 * @param inIsTerminal whether a person can answer
 * @param outIsTerminal whether a person reads the data
 * @param errIsTerminal whether a person reads the talk
 * @param columns the terminal's width; 0 if unknown. Asked only when a line may be too long
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    IntSupplier columns) {

  private static final int USUAL = 80;

  /** This process's streams. */
  public static Terminal system(Map<String, String> environment) {
    return new Terminal(
        System.in,
        System.out,
        System.err,
        isTerminal(0),
        isTerminal(1),
        isTerminal(2),
        () -> askWidth(environment));
  }

  /** What a shortened text ends in, as far as the terminal can show it. */
  public String ellipsis() {
    Charset charset = out.charset();
    return charset.equals(StandardCharsets.UTF_8) || charset.newEncoder().canEncode('…')
        ? "…"
        : "~";
  }

  /**
   * The width that a line of {@code natural} columns on {@code out} must keep to; 0 if any is well.
   * Data that goes to a pipe or a file is never shortened.
   */
  public int limit(int natural) {
    return outIsTerminal ? width(natural) : 0;
  }

  /** The terminal's width if a line of {@code natural} columns may not fit, else 0. */
  public int width(int natural) {
    return natural <= USUAL / 2 ? 0 : Math.max(0, columns.getAsInt());
  }

  /**
   * Through the process's own table of files: {@code System.console()} loads a line editor for the
   * same answer.
   */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException noProc) {
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }

  private static int askWidth(Map<String, String> environment) {
    try {
      int told = Integer.parseInt(environment.getOrDefault("COLUMNS", "0"));
      if (told > 0) {
        return told;
      }
      return Integer.parseInt(sttySize().strip().split(" ")[1]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException | IOException unknown) {
      return USUAL;
    }
  }

  private static String sttySize() throws IOException {
    Process process =
        new ProcessBuilder("stty", "size")
            .redirectInput(Path.of("/dev/tty").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream output = process.getInputStream()) {
      return new String(output.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
