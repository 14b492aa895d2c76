#!/usr/bin/perl
# Appends one line to a file for each new primary.
# Parameter: file, an absolute path.
use strict;
use warnings;
use JSON::PP qw(decode_json encode_json);

my $question = decode_json(do { local $/; <STDIN> });
my $file = $question->{parameters}{file} // '';
if ($file !~ m{^/}) {
  print encode_json({ok => JSON::PP::false, reason => 'the parameter file is no absolute path'});
  exit 0;
}
open(my $out, '>>', $file) or do {
  print encode_json({ok => JSON::PP::false, reason => "$file: $!"});
  exit 0;
};
print {$out} join(' ', $question->{cluster}, $question->{operation}, $question->{member}{name}), "\n";
close($out) or die "$file: $!";
print encode_json({ok => JSON::PP::true, file => $file});
