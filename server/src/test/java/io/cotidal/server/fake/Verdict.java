package io.cotidal.server.fake;

import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Severity;

/** A diagnosis as told. */
public record Verdict(String code, String sentence, Severity severity, Details evidence)
    implements Diagnosis {}
