package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a server gave no answer, or another than was asked for.
 *
 * @param reason one line without secrets
 */
public record Trouble(Kind kind, String reason) {
  /** What is to be made of it. */
  public enum Kind {
    /** Nothing listens, or the other end closed the connection. */
    REFUSED,
    /** No answer in time. */
    SILENT,
    /** The suffix is being filled, and answers nobody meanwhile. */
    FILLING,
    /** The server answered with an error: what was asked for did not happen. */
    REJECTED,
    /** Anything else: whether it happened nobody knows. */
    UNCLEAR
  }

  /** That which an operation, or the opening of a connection, ended with. */
  public static Trouble of(LDAPException problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      Trouble told = told(cause);
      if (told != null) {
        return told;
      }
    }
    String text = line(problem);
    String words = text.toLowerCase(Locale.ROOT);
    ResultCode code = problem.getResultCode();
    if (code.equals(ResultCode.TIMEOUT)) {
      return new Trouble(Kind.SILENT, "no answer in time");
    }
    if (code.equals(ResultCode.REFERRAL)) {
      return new Trouble(Kind.FILLING, "the suffix is being filled and answers with a referral");
    }
    if (words.contains("connection refused")) {
      return new Trouble(Kind.REFUSED, "connection refused");
    }
    if (tls(words)) {
      return new Trouble(Kind.UNCLEAR, "TLS: " + text);
    }
    if (code.equals(ResultCode.SERVER_DOWN)) {
      return new Trouble(Kind.REFUSED, "the server closed the connection");
    }
    if (code.equals(ResultCode.CONNECT_ERROR)
        && (words.contains("timed out") || words.contains("timeout"))) {
      return new Trouble(Kind.SILENT, "no connection in time");
    }
    if (code.isClientSideResultCode()) {
      return new Trouble(Kind.UNCLEAR, text);
    }
    return new Trouble(Kind.REJECTED, rejected(code, text));
  }

  /**
   * Whether the suffix is being filled: while it takes the last of it in, it says operationsError.
   */
  public static boolean filling(LDAPException problem) {
    return problem.getResultCode().equals(ResultCode.REFERRAL)
        || problem.getResultCode().equals(ResultCode.OPERATIONS_ERROR);
  }

  private static String rejected(ResultCode code, String text) {
    if (code.equals(ResultCode.INVALID_CREDENTIALS)) {
      return "it refuses the account or its password (49)";
    }
    return "it answers %s (%d): %s".formatted(code.getName(), code.intValue(), text);
  }

  private static @Nullable Trouble told(Throwable cause) {
    return switch (cause) {
      case SSLException tls -> new Trouble(Kind.UNCLEAR, "TLS: " + certificate(tls));
      case SocketTimeoutException _ -> new Trouble(Kind.SILENT, "no answer in time");
      case NoRouteToHostException _ -> new Trouble(Kind.SILENT, "no route to the host");
      case UnknownHostException unknown ->
          new Trouble(Kind.UNCLEAR, "the name '" + unknown.getMessage() + "' leads nowhere");
      case ConnectException refused ->
          line(refused).toLowerCase(Locale.ROOT).contains("refused")
              ? new Trouble(Kind.REFUSED, "connection refused")
              : null;
      default -> null;
    };
  }

  /** The innermost cause says what exactly is wrong with a certificate. */
  private static String certificate(Throwable problem) {
    // A throwable that is its own cause tells that it has none.
    Throwable inner = problem;
    for (Throwable cause = inner.getCause(); cause != null; cause = inner.getCause()) {
      inner = cause;
    }
    String text = line(inner);
    String words = text.toLowerCase(Locale.ROOT);
    if (words.contains("unable to find valid certification path")
        || words.contains("trust anchor")) {
      return "its certificate is not signed by a trusted authority";
    }
    if (words.contains("no subject alternative") || words.contains("no name matching")) {
      return "its certificate is made out for another host (" + text + ")";
    }
    if (words.contains("notafter")) {
      return "its certificate has expired (" + text + ")";
    }
    return text;
  }

  private static boolean tls(String words) {
    return words.contains("sslhandshake") || words.contains("sslexception");
  }

  /** The problem in one short line. */
  public static String line(Throwable problem) {
    String message = problem.getMessage();
    String text = message == null ? problem.getClass().getSimpleName() : message;
    if (problem instanceof LDAPException ldap && ldap.getDiagnosticMessage() != null) {
      text = ldap.getDiagnosticMessage();
    }
    return Printable.of(text);
  }
}
