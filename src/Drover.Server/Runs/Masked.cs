namespace Drover.Server.Runs;

/// <summary>Command lines as they are stored and shown.</summary>
internal static class Masked
{
    private static readonly string[] Secret = ["key", "token", "secret", "password", "passwd", "auth"];

    /// <summary>The arguments, with the value of each that looks like a secret replaced by <c>***</c>.</summary>
    public static IReadOnlyList<string> Arguments(IReadOnlyList<string> arguments)
    {
        var shown = new List<string>(arguments.Count);
        var hideNext = false;
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=');
            var isOption = argument.StartsWith('-');
            shown.Add(hideNext && !isOption ? "***" : equals > 0 && IsSecret(argument[..equals]) ? argument[..(equals + 1)] + "***" : argument);
            hideNext = isOption && equals < 0 && IsSecret(argument);
        }

        return shown;
    }

    private static bool IsSecret(string name) => Secret.Any(s => name.Contains(s, StringComparison.OrdinalIgnoreCase));
}
