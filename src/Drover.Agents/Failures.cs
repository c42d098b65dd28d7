using System.Text.RegularExpressions;
using Drover.Core;

namespace Drover.Agents;

/// <summary>What the vendors' ways to fail have in common.</summary>
internal static partial class Failures
{
    public static TurnEnding Failed(FailureClass @class, string reason, DateTimeOffset? resetsAt = null) =>
        new(Outcome.Failed, @class, Wire.Bounded.Text(reason, 2000)) { Retryable = MayPass(@class), ResetsAt = resetsAt };

    public static readonly TurnEnding Interrupted = new(Outcome.Interrupted, null, "the turn was interrupted");

    /// <summary>The conversation to go on with is not there (any more). The reason always begins so: whoever asked for it can begin a fresh one instead.</summary>
    public static TurnEnding UnknownConversation(string detail) => Failed(FailureClass.Other, $"{ConversationNotKnown}: {detail.Trim()}");

    public const string ConversationNotKnown = "the conversation is not known";

    /// <summary>The process ended in the middle of its work. An agent that was asked by a signal to go may still exit with 0.</summary>
    public static TurnEnding Ended(int? exitCode, string lastErrors, bool hadStarted)
    {
        var killed = exitCode is 0 or >= 128;
        var how = exitCode switch
        {
            null => "the agent's process ended",
            >= 128 => $"the agent's process was ended by signal {exitCode - 128}",
            _ => $"the agent's process exited with {exitCode}",
        };
        var when = hadStarted ? "before its turn had ended" : "before it could take a prompt";
        var errors = lastErrors.Trim();
        if (exitCode is 126 or 127 && !hadStarted) return Failed(FailureClass.Other, $"the agent's command could not be run (exit code {exitCode}): {errors}");
        var @class = killed ? FailureClass.Killed : (hadStarted ? null : OfText(errors)) ?? FailureClass.Crashed;
        return Failed(@class, errors.Length == 0 ? $"{how} {when}" : $"{how} {when}: {errors}");
    }

    /// <summary>Whether waiting and going on with the same conversation may help.</summary>
    public static bool MayPass(FailureClass @class) => @class switch
    {
        FailureClass.RateLimit or FailureClass.UsageLimit or FailureClass.Overloaded or FailureClass.Connection
            or FailureClass.Crashed or FailureClass.Killed or FailureClass.Silent => true,
        FailureClass.Auth or FailureClass.Context or FailureClass.MaxTurns or FailureClass.Budget or FailureClass.Refused
            or FailureClass.Protocol or FailureClass.NoCommits or FailureClass.Other => false,
    };

    public static FailureClass? OfStatus(long? httpStatus) => httpStatus switch
    {
        401 or 403 => FailureClass.Auth,
        402 => FailureClass.UsageLimit,
        408 => FailureClass.Connection,
        413 => FailureClass.Context,
        429 => FailureClass.RateLimit,
        >= 500 and < 600 => FailureClass.Overloaded,
        _ => null,
    };

    /// <summary>What an error's words say, when nothing better is known. Only for texts that are known to be errors: an agent may well write about one.</summary>
    public static FailureClass? OfText(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (ContextWords().IsMatch(text)) return FailureClass.Context;
        if (UsageWords().IsMatch(text)) return FailureClass.UsageLimit;
        if (AuthWords().IsMatch(text)) return FailureClass.Auth;
        if (RateWords().IsMatch(text)) return FailureClass.RateLimit;
        if (OverloadWords().IsMatch(text)) return FailureClass.Overloaded;
        return ConnectionWords().IsMatch(text) ? FailureClass.Connection : null;
    }

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"(prompt|request|input) (is )?too (long|large)|context (window|length)|maximum context|too many tokens", Plain)]
    private static partial Regex ContextWords();

    [GeneratedRegex(@"(usage|session|weekly|daily|monthly|plan|spend\w*) (limit|quota)|hit your \w*\s?limit|quota|credit balance|billing|insufficient (credits|funds)", Plain)]
    private static partial Regex UsageWords();

    [GeneratedRegex(@"\b40[13]\b|unauthori[sz]ed|unauthenticated|authenticat|not logged in|log ?in required|/login\b|(invalid|incorrect|bad|missing|wrong|expired|no) ((x-)?api[- ]?)?key|api[- _]?key (is )?(not valid|invalid|expired)|forbidden|permission denied by the api", Plain)]
    private static partial Regex AuthWords();

    [GeneratedRegex(@"\b429\b|rate.?limit|too many requests|slow down", Plain)]
    private static partial Regex RateWords();

    [GeneratedRegex(@"\b5\d\d\b.{0,40}(error|overload|unavailable|gateway)|\berror:? 5\d\d\b|overloaded|service unavailable|internal server error|bad gateway|server_error", Plain)]
    private static partial Regex OverloadWords();

    [GeneratedRegex(@"connection|unable to connect|econn|enotfound|network|socket|fetch failed|timed? ?out|terminated|stream (error|closed|ended)", Plain)]
    private static partial Regex ConnectionWords();
}
