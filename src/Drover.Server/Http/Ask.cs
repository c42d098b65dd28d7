using System.Globalization;
using Drover.Api;
using Drover.Core;

namespace Drover.Server.Http;

/// <summary>A request and who asks.</summary>
internal sealed record Ask(HttpContext Http, Principal Who)
{
    public TicketKey Ticket => TicketKey.TryParse(Part("ticket"))
        ?? throw new Refusal(Problems.TicketNotFound, $"'{Part("ticket")}' is no ticket's key; they look like APP-12");

    public string Part(string name) => (string?)Http.Request.RouteValues[name] ?? throw new InvalidOperationException($"the route has no {name}");

    public string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public bool Flag(string name) => Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw new Refusal(Problems.InvalidRequest, $"is true or false, not '{other}'", name),
    };

    public int Number(string name, int otherwise, int min, int max) => Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new Refusal(Problems.InvalidRequest, $"is a number from {min} to {max}", name);
}

/// <summary>Who may use a route.</summary>
internal enum Access
{
    /// <summary>Only a human, at the terminal or in the browser.</summary>
    Human,

    /// <summary>Humans and scripts.</summary>
    Owner,

    /// <summary>Also a run, about the ticket it works on.</summary>
    OwnTicket,

    /// <summary>Also a run, about itself.</summary>
    OwnRun,
}
