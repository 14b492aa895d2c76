import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One test of a report that Maven left in a module.
 *
 * @param reason empty unless it was skipped or failed
 */
record Case(String module, String type, String name, Result result, String reason, double seconds) {
  private static final int REASON_LENGTH = 300;

  enum Result {
    PASSED,
    FAILED,
    SKIPPED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The tests of a report; {@code root} holds the modules. */
  static List<Case> of(Path root, Path report) {
    var module = root.relativize(report.getParent().getParent().getParent()).toString();
    var factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    var cases = new ArrayList<Case>();
    try (InputStream bytes = Files.newInputStream(report)) {
      var xml = factory.createXMLStreamReader(bytes);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          cases.add(testCase(module, xml));
        }
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (XMLStreamException problem) {
      // a killed JVM leaves half a report: that is a failure of its own, not a reason to show
      // nothing
      cases.add(
          new Case(
              module,
              report.getFileName().toString(),
              "(report)",
              Result.FAILED,
              "unreadable report",
              0));
    }
    return cases;
  }

  private static Case testCase(String module, XMLStreamReader xml) throws XMLStreamException {
    var type = xml.getAttributeValue(null, "classname");
    var name = xml.getAttributeValue(null, "name");
    var time = xml.getAttributeValue(null, "time");
    var result = Result.PASSED;
    var reason = "";
    while (!(xml.next() == XMLStreamConstants.END_ELEMENT
        && xml.getLocalName().equals("testcase"))) {
      if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
        var element = xml.getLocalName();
        if (element.equals("failure") || element.equals("error") || element.equals("skipped")) {
          result = element.equals("skipped") ? Result.SKIPPED : Result.FAILED;
          var message = xml.getAttributeValue(null, "message");
          reason = brief(message == null ? xml.getElementText() : message);
        }
      }
    }
    var seconds = time == null ? 0 : Double.parseDouble(time.replace(",", ""));
    return new Case(
        module, type == null ? "" : type, name == null ? "(class)" : name, result, reason, seconds);
  }

  private static String brief(String message) {
    var text =
        message
            .replaceFirst("(?s)\\n\\s+at .*", "")
            .strip()
            .replaceAll("\\s+", " ")
            .replaceFirst("^org\\.opentest4j\\.TestAbortedException: ", "")
            .replaceFirst("^Assumption failed: ", "");
    if (text.isEmpty()) {
      return "no reason given";
    }
    return text.length() > REASON_LENGTH ? text.substring(0, REASON_LENGTH) + " …" : text;
  }
}
