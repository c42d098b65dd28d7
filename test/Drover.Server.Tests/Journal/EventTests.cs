using System.Text.Json;
using Drover.Core;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Journaling;

public sealed class EventTests : IDisposable
{
    private readonly TestHome home = new();

    private Journal Journal => home.Journal;

    public void Dispose() => home.Dispose();

    [Fact]
    [Trait("row", "K24")]
    public async Task The_events_of_a_run_after_a_number_are_replayed_ascending_with_all_their_fields()
    {
        var run = new RunId("00000000000000a1");
        for (var i = 0; i < 5; i++)
        {
            await Journal.Do(Priority.Bulk, tx =>
            {
                tx.Emit(EventTypes.Text, new(Some.App, Some.App1, run), Some.Ann, EventData.Of("text", $"n{i}"));
                tx.Emit(EventTypes.Text, new(Some.App, Some.App1, new("00000000000000a2")), Some.Ann);
            });
        }

        var page = Journal.Read(db => EventTable.PageOf(db, run, 3, long.MaxValue, 2, _ => false));

        Assert.Equal([5, 7], page.Select(e => e.Seq));
        Assert.Equal(("text", Some.App, Some.App1, run, Some.Ann, """{"text":"n2"}"""),
            (page[0].Type, page[0].About.Project!.Value, page[0].About.Ticket!.Value, page[0].About.Run!.Value, page[0].Actor, page[0].Data));
        Assert.Equal([7, 9], Journal.Read(db => EventTable.Last(db, run, 2)).Select(e => e.Seq));
    }

    [Theory]
    [InlineData("plain words")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"a":1}{"b":2}""")]
    [InlineData("""{"a":""")]
    [InlineData("{\"a\":\"\u0001\ud800\"}")]
    [Trait("row", "K24")]
    [Trait("row", "K31")]
    public async Task Data_that_is_no_JSON_object_is_kept_as_a_raw_event(string data)
    {
        await Journal.Do(Priority.Bulk, tx => tx.Emit(EventTypes.ToolCalled, Subject.Server, Some.Ann, data));

        var stored = Assert.Single(Journal.Read(db => EventTable.Page(db, 0, long.MaxValue, 10, _ => false)));
        using var json = JsonDocument.Parse(stored.Data);
        Assert.Equal(EventTypes.Raw, stored.Type);
        Assert.Equal(EventTypes.ToolCalled, json.RootElement.GetProperty("of").GetString());
        Assert.Equal(data.Replace('\ud800', '\ufffd'), json.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void Data_keeps_every_character_and_stays_JSON()
    {
        const string text = "\0\u001b[31m \"é漢🐑\"\n</script>\\";

        using var json = JsonDocument.Parse(EventData.Of("text", text));

        Assert.Equal(text, json.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Pruning_deletes_the_oldest_in_portions_and_remembers_how_far()
    {
        await Journal.Do(Priority.Bulk, tx =>
        {
            for (var i = 0; i < 10; i++) tx.Emit(EventTypes.Log, Subject.Server, Some.Ann);
        });

        Assert.Equal(4, await Journal.Do(Priority.Bulk, tx => EventTable.Prune(tx, through: 6, limit: 4)));
        Assert.Equal(4, Journal.Read(EventTable.PrunedThrough));
        Assert.Equal(2, await Journal.Do(Priority.Bulk, tx => EventTable.Prune(tx, through: 6, limit: 4)));
        Assert.Equal(0, await Journal.Do(Priority.Bulk, tx => EventTable.Prune(tx, through: 6, limit: 4)));
        Assert.Equal(6, Journal.Read(EventTable.PrunedThrough));
        Assert.Equal([7, 8, 9, 10], Journal.Read(db => EventTable.Page(db, 0, long.MaxValue, 10, _ => false)).Select(e => e.Seq));
    }
}
