package io.cotidal.app.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** Reads the file of the certificates that a section trusts. */
final class Authorities {
  private static final String KEY = "ca";
  private static final long MOST = 1L << 20;

  private final Section section;

  Authorities(Section section) {
    this.section = section;
  }

  /** The certificates as PEM text; empty if no file is named, or what is wrong is reported. */
  String read() {
    Optional<Path> file =
        section.get(KEY, absolute(), Value.standard(Optional.empty(), "(those that Java trusts)"));
    return file.map(this::content).orElse("");
  }

  private static Form<Optional<Path>> absolute() {
    return text ->
        switch (Forms.absolutePath().read(text)) {
          case Form.Read.Fit<Path> path -> Form.fit(Optional.of(path.value()));
          case Form.Read.Unfit<Path> unfit -> Form.unfit(unfit.reason(), unfit.remedy());
        };
  }

  private String content(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MOST) {
        section.problem(KEY, "is not a file of at most 1 MiB", "name a file of PEM text");
        return "";
      }
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (CertificateFactory.getInstance("X.509")
          .generateCertificates(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
          .isEmpty()) {
        section.problem(KEY, "holds no certificate", "name a file of PEM text");
      }
      return text;
    } catch (CertificateException _) {
      section.problem(KEY, "holds something that is no certificate", "name a file of PEM text");
    } catch (IOException e) {
      section.problem(
          KEY,
          "cannot be read (" + e.getClass().getSimpleName() + ")",
          "give the file to the user that runs Cotidal");
    }
    return "";
  }
}
