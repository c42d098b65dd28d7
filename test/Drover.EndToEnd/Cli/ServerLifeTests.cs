using System.Diagnostics;
using Xunit;

namespace Drover.EndToEnd.Cli;

public sealed class ServerLifeTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Without_a_server_a_command_says_how_to_start_one()
    {
        foreach (var command in new[] { new[] { "status" }, ["ticket", "list"], ["run", "list"], ["down"] })
        {
            var ended = _place.Drover(command);

            Assert.Equal(3, ended.ExitCode);
            Assert.Contains("drover up", ended.Error, StringComparison.Ordinal);
            Assert.Empty(ended.Output);
        }
    }

    [Fact]
    public void Up_starts_the_server_registers_the_repository_and_says_where_everything_is()
    {
        var up = _place.Drover("up");
        var again = _place.Json("up");

        Assert.Equal((0, ""), (up.ExitCode, up.Error));
        foreach (var word in new[] { _place.Home, ".sock", "server.log", "http://127.0.0.1:", "/login?key=", "my-shop", _place.Repository })
            Assert.Contains(word, up.Output, StringComparison.Ordinal);
        Assert.False(again.GetProperty("started").GetBoolean());
        Assert.Equal("my-shop", again.GetProperty("project").GetProperty("id").GetString());
        Assert.Equal("MYSHOP", again.GetProperty("project").GetProperty("prefix").GetString());
        Assert.Equal(_place.Home, _place.Json("status").GetProperty("server").GetProperty("home").GetString());
    }

    [Fact]
    public void Two_homes_have_two_servers_and_down_ends_one_of_them()
    {
        using var other = new Workplace();
        var mine = _place.Json("up").GetProperty("server").GetProperty("pid").GetInt32();
        var theirs = other.Json("up").GetProperty("server").GetProperty("pid").GetInt32();

        var down = _place.Drover("down");

        Assert.NotEqual(mine, theirs);
        Assert.Equal(0, down.ExitCode);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(mine));
        Assert.Equal(3, _place.Drover("status").ExitCode);
        Assert.Equal(theirs, other.Json("status").GetProperty("server").GetProperty("pid").GetInt32());
    }

    [Fact]
    public void A_server_that_was_killed_is_followed_by_one_that_knows_the_same()
    {
        _place.Drover("up");
        var key = _place.Json("ticket", "add", "--title", "Survive").GetProperty("key").GetString();
        using (var server = Process.GetProcessById(_place.Json("status").GetProperty("server").GetProperty("pid").GetInt32()))
        {
            server.Kill();
            server.WaitForExit();
        }

        var dead = _place.Drover("status");
        var up = _place.Drover("up");

        Assert.Equal(3, dead.ExitCode);
        Assert.Equal(0, up.ExitCode);
        Assert.Equal("Survive", _place.Json("ticket", "show", key!).GetProperty("title").GetString());
    }

    [Fact]
    public void Outside_of_a_repository_up_starts_the_server_and_says_that_there_is_no_project()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_place.Repository, "..", "elsewhere")).FullName;

        var up = _place.DroverIn(elsewhere, "", new Dictionary<string, string>(), "up");

        Assert.Equal(0, up.ExitCode);
        Assert.Contains("not a git repository", up.Output, StringComparison.Ordinal);
        Assert.Equal(0, _place.Drover("status").ExitCode);
    }

    [Fact]
    public void A_server_that_cannot_start_is_reported_with_its_reason()
    {
        Directory.CreateDirectory(_place.Home);
        File.WriteAllText(Path.Combine(_place.Home, "drover.db"), "this is no database, but it is long enough to look like one at first sight: " + new string('x', 4096));

        var up = _place.Drover("up");

        Assert.Equal(1, up.ExitCode);
        Assert.Contains("drover.db", up.Error, StringComparison.Ordinal);
    }
}
