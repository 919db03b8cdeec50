import Testing

/// The built program from outside: its command line, its server, and what is left when it is killed.
///
/// One after the other, since each of them keeps the machine busy.
@Suite(.serialized) struct EndToEnd {}
