using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Drover.Core;

namespace Drover.Server.Config;

/// <summary>What becomes of agents' questions for permission: one word for all of them, or a mapping with patterns.</summary>
internal sealed class ApprovalKind : Kind<ApprovalPolicy>
{
    private static readonly Word<ApprovalChoice> Choices = Word.Of<ApprovalChoice>();
    private static readonly Word<ApprovalChoice> Answers = new(new Dictionary<string, ApprovalChoice> { ["allow"] = ApprovalChoice.Allow, ["deny"] = ApprovalChoice.Deny });
    private static readonly Key<ApprovalChoice> Default = new("default", Choices, ApprovalChoice.Ask, "ask", "For what no pattern speaks of: a human is asked, or it is allowed or denied at once.");
    private static readonly Key<IReadOnlyList<ApprovalPattern>> Allow = new("allow", Patterns(true), [], "none",
        "What is allowed at once: `git *` is one plain command and all its words (nothing with an operator, a redirection, a substitution or a variable), `edit:docs/**` and `read:**` files below the worktree, `tool:NAME` a tool.");
    private static readonly Key<IReadOnlyList<ApprovalPattern>> Deny = new("deny", Patterns(false), [], "none",
        "What is denied at once, whatever else allows it: a command in any part of the line, also within quotes; one file of several.");
    private static readonly Key<TimeSpan> Timeout = new("timeout", Measures.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), ApprovalPolicy.UsualTimeout, "30m",
        "How long a human may take. Time in which the machine slept or the server was down does not count.");
    private static readonly Key<ApprovalChoice> OnTimeout = new("on_timeout", Answers, ApprovalChoice.Deny, "deny", "What an agent is told when nobody has answered by then.");

    private static readonly Section<ApprovalPolicy> Long = new([Default, Allow, Deny, Timeout, OnTimeout],
        e => new(e.Get(Default), e.Get(Allow), e.Get(Deny), e.Get(Timeout), e.Get(OnTimeout)));

    internal override string Expects => $"{Choices.Expects}, or a mapping";

    internal override IEnumerable<(string, Key)> Inside => Long.Inside;

    internal override JsonObject Schema() => new() { ["oneOf"] = new JsonArray(Choices.Schema(), Long.Schema()) };

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out ApprovalPolicy value)
    {
        if (found.Value is YamlValue.Map) return Long.TryRead(found, out value);
        value = null;
        if (!Choices.TryRead(found, out var choice)) return false;
        value = ApprovalPolicy.Of(choice);
        return true;
    }

    private static ListOf<ApprovalPattern> Patterns(bool forAllowing) =>
        new(new Scalar<ApprovalPattern>("a pattern such as `git push *`, `edit:docs/**`, `tool:WebFetch`", text => ApprovalPattern.Parse(text, forAllowing)), 200);
}
