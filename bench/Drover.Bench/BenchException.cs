namespace Drover.Bench;

/// <summary>The benchmark cannot be run, or what it measured was not what it should have measured.</summary>
internal sealed class BenchException(string message) : Exception(message);
