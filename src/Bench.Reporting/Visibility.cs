using System.Runtime.CompilerServices;

// What a report is made of is nobody's business but the tests'.
[assembly: InternalsVisibleTo("Bench.Tests")]
