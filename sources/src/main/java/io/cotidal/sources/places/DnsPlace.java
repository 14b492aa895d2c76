package io.cotidal.sources.places;

import io.cotidal.model.Details;
import io.cotidal.sources.roll.Address;
import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Candidate;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.spec.SourceSpec;
import io.cotidal.sources.spec.SourceSpec.Dns.Records;
import java.time.Duration;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Records of the name service, asked for anew each time: nothing is cached here. */
public final class DnsPlace implements Place {
  private static final String PROVIDER = "com.sun.jndi.dns.DnsContextFactory";
  private static final int TRIES = 2;

  /** Each try waits twice as long as the one before: 1 + 2. */
  private static final int SHARES = 3;

  private final SourceSpec.Dns spec;
  private final String servers;

  /**
   * The records of {@code spec}.
   *
   * @throws IllegalArgumentException if a name or a server is none
   */
  public DnsPlace(SourceSpec.Dns spec) {
    this.spec = spec;
    try {
      for (String name : spec.names()) {
        // A name with a slash would mean another server to the provider.
        Address.host(name);
      }
      StringBuilder urls = new StringBuilder();
      for (String server : spec.servers()) {
        urls.append(urls.isEmpty() ? "" : " ").append("dns://").append(Address.parse(server));
      }
      this.servers = urls.isEmpty() ? "dns:" : urls.toString();
    } catch (NoAnswer e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    Map<Address, Candidate> candidates = new LinkedHashMap<>();
    try {
      DirContext context = new InitialDirContext(environment());
      try {
        for (String name : spec.names()) {
          look(context, name, candidates);
        }
      } finally {
        context.close();
      }
    } catch (NamingException e) {
      throw new NoAnswer(
          "no name server answers ("
              + Words.quote(String.valueOf(e.getMessage()))
              + "): look at the server, and at the way to it",
          e);
    }
    List<Candidate> sorted =
        candidates.values().stream()
            .sorted(Comparator.comparing(one -> one.address().toString()))
            .toList();
    return new Reading(Roll.of(sorted, Admission.ANYBODY, Optional.empty()), "");
  }

  // JNDI asks for this class.
  @SuppressWarnings("JdkObsolete")
  private Hashtable<String, String> environment() {
    // Servers are tried one after the other, each TRIES times, for each of the names.
    long share =
        spec.habits().timeout().toMillis()
            / ((long) SHARES * Math.max(1, spec.servers().size()) * spec.names().size());
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, PROVIDER);
    environment.put(Context.PROVIDER_URL, servers);
    environment.put("com.sun.jndi.dns.timeout.initial", String.valueOf(Math.max(1, share)));
    environment.put("com.sun.jndi.dns.timeout.retries", String.valueOf(TRIES));
    return environment;
  }

  // The provider for DNS gives texts, and makes objects of nothing; the names are the operator's.
  @SuppressWarnings("BanJNDI")
  private void look(DirContext context, String name, Map<Address, Candidate> candidates)
      throws NamingException, NoAnswer {
    String type = spec.records().name();
    int count = 0;
    try {
      Attribute records = context.getAttributes(name, new String[] {type}).get(type);
      if (records != null) {
        NamingEnumeration<?> values = records.getAll();
        while (values.hasMore()) {
          count += add(String.valueOf(values.next()), candidates);
        }
      }
    } catch (NameNotFoundException e) {
      if (!spec.habits().believesEmpty()) {
        throw new NoAnswer(
            "the name " + name + " does not exist: correct it, or wait until it does", e);
      }
    }
    if (count == 0 && !spec.habits().believesEmpty()) {
      throw new NoAnswer(
          "the name " + name + " has no " + type + " records: correct it, or wait for them");
    }
  }

  private int add(String value, Map<Address, Candidate> candidates) throws NoAnswer {
    Address address;
    if (spec.records() == Records.SRV) {
      String[] words = value.split(" ", -1);
      if (words.length != 4) {
        throw new NoAnswer("an SRV record is " + Words.quote(value) + ": correct it");
      }
      if (words[3].equals(".")) {
        // So the name service says that there is none.
        return 0;
      }
      address = new Address(Address.host(words[3]), Address.port(words[2]));
    } else {
      address = new Address(Address.host(value), spec.port());
    }
    candidates.putIfAbsent(address, new Candidate("", address, Details.NONE, true));
    return 1;
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout();
  }

  @Override
  public String describe() {
    return "the "
        + spec.records()
        + " records of "
        + String.join(", ", spec.names())
        + (spec.servers().isEmpty()
            ? ""
            : " at " + spec.servers().stream().collect(Collectors.joining(", ")));
  }
}
