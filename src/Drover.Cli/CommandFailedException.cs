namespace Drover.Cli;

/// <summary>The command could not do its work; the message says why and what to do.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);

/// <summary>The arguments make no sense; the message says which, and what would.</summary>
internal sealed class UsageException(string message) : Exception(message);
