using System.Text.Json;
using Drover.Api;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class EventTests
{
    [Fact]
    [Trait("row", "K24")]
    public async Task The_feed_goes_on_after_a_cursor_without_gap_or_repetition()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        home.File("One");
        var half = All(home);
        home.File("Two");

        var rest = All(home, half[^1].Cursor!);

        Assert.Equal("ticket.added", Assert.Single(rest).Type);
        Assert.Equal(Enumerable.Range(1, half.Count + 1).Select(n => (long?)n), half.Concat(rest).Select(e => e.Seq));
        Assert.Equal(half.Concat(rest).Select(e => e.Seq), All(home).Select(e => e.Seq));
    }

    [Fact]
    [Trait("row", "K24")]
    public async Task A_follower_gets_what_was_and_then_what_comes_of_the_ticket_it_asked_for()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        var one = home.File("One");
        home.File("Two");

        var followed = home.Client().Follow($"/api/v1/events?after=0&ticket={one.Key}").Select(Event).GetEnumerator();
        Assert.True(followed.MoveNext());
        Assert.Equal(("ticket.added", one.Key), (followed.Current.Type, followed.Current.Ticket));
        home.Client().Change("POST", $"/api/v1/tickets/{one.Key}/move", new("ready"), ApiJson.Default.MoveJson, Guid.NewGuid());

        Assert.True(followed.MoveNext());
        Assert.Equal(("ticket.moved", one.Key, "ready"), (followed.Current.Type, followed.Current.Ticket, followed.Current.Data.GetProperty("to").GetString()));
    }

    [Fact]
    public async Task A_follower_is_told_that_the_server_stops_and_where_to_go_on()
    {
        var home = await HttpHome.Start();
        using var followed = home.Client().Follow("/api/v1/events?after=0").GetEnumerator();
        Assert.True(followed.MoveNext());
        var stopping = Task.Run(async () => await home.DisposeAsync());

        var last = followed.Current;
        while (followed.MoveNext()) last = followed.Current;
        await stopping;

        Assert.Equal("end", last.Type);
        Assert.Contains("\"closed\"", last.Data, StringComparison.Ordinal);
        Assert.Contains("\"cursor\"", last.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_events_and_those_before_them_are_asked_for_in_pages()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        var one = home.File("One");
        home.File("Two");
        home.Client().Change("POST", $"/api/v1/tickets/{one.Key}/move", new("ready"), ApiJson.Default.MoveJson, Guid.NewGuid());
        var all = All(home);

        var newest = Some(home, "last=2");
        var before = Some(home, $"last=2&before={newest[0].Cursor}");

        Assert.Equal(all.TakeLast(2).Select(e => e.Seq), newest.Select(e => e.Seq));
        Assert.Equal(all.SkipLast(2).TakeLast(2).Select(e => e.Seq), before.Select(e => e.Seq));
        Assert.Empty(Some(home, $"last=2&before={all[0].Cursor}"));
        Assert.Equal(["ticket.added", "ticket.moved"], Some(home, $"last=5&ticket={one.Key}").Select(e => e.Type));
        Assert.Equal("ticket.added", Assert.Single(Some(home, $"last=5&ticket={one.Key}&kinds=ticket.added")).Type);
        Assert.Equal("invalid_request", Assert.Throws<RefusedException>(() => home.Client().Follow("/api/v1/events?last=2").Count()).Problem.Code);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("e1-ffff")]
    public async Task A_cursor_that_is_not_of_this_journal_is_refused(string cursor)
    {
        await using var home = await HttpHome.Start();

        var refused = Assert.Throws<RefusedException>(() => home.Client().Follow($"/api/v1/events?after={cursor}").Count());

        Assert.Equal("cursor_invalid", refused.Problem.Code);
    }

    internal static List<EventJson> All(HttpHome home, string after = "0") =>
        [.. home.Client().Follow($"/api/v1/events?after={after}&follow=false").Select(Event)];

    private static List<EventJson> Some(HttpHome home, string query) => [.. home.Client().Follow($"/api/v1/events?follow=false&{query}").Select(Event)];

    private static EventJson Event(ServerSentEvent message) => JsonSerializer.Deserialize(message.Data, ApiJson.Default.EventJson)!;
}
