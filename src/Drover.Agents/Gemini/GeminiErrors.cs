using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Gemini;

/// <summary>What Gemini CLI's errors mean: words that may hold the model server's answer as JSON, types, and exit codes that are an HTTP status modulo 256.</summary>
internal static partial class GeminiErrors
{
    /// <summary>For instance <c>[API Error: {"error":{"code":401,…}}]</c>.</summary>
    public static FailureClass OfWords(string text)
    {
        var ofText = Failures.OfText(text);
        if (text.Contains("session turns", StringComparison.OrdinalIgnoreCase)) return FailureClass.MaxTurns;
        var ofStatus = Failures.OfStatus(Status(text));
        // A quota comes with the status of a rate limit, and is worse.
        return ofStatus is FailureClass.RateLimit && ofText is FailureClass.UsageLimit ? FailureClass.UsageLimit : ofStatus ?? ofText ?? FailureClass.Other;
    }

    public static FailureClass? OfType(string? type) => type switch
    {
        "FatalAuthenticationError" => FailureClass.Auth,
        "FatalTurnLimitedError" => FailureClass.MaxTurns,
        _ => null,
    };

    /// <summary>Warnings after which the agent does not go on.</summary>
    public static bool Stops(string text) => Stopping().IsMatch(text);

    /// <summary>Null for a code that is a signal's or says nothing. None of the statuses comes out as the code of a signal that agents are ended with.</summary>
    public static FailureClass? OfExit(int? code) => code switch
    {
        41 => FailureClass.Auth,
        53 => FailureClass.MaxTurns,
        42 or 44 or 52 or 54 or 55 => FailureClass.Other, // an unknown conversation, a sandbox that fails, wrong settings, a tool, a folder that is not trusted
        144 or 148 => FailureClass.Other,
        >= 145 and <= 255 => Failures.OfStatus(code + 256),
        _ => null,
    };

    private static long? Status(string text)
    {
        if (text.IndexOf('{', StringComparison.Ordinal) is not (>= 0 and var from) || text.LastIndexOf('}') is var to && to <= from) return null;
        return Incoming.Read(Encoding.UTF8.GetBytes(text[from..(to + 1)]), answer => answer.Whole("error", "code"), _ => (long?)null, () => null);
    }

    [GeneratedRegex("loop detected, stopping|stopping execution|maximum session turns", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Stopping();
}
