using Drover.Server.Files;
using Xunit;

namespace Drover.Server.Tests.Files;

[Trait("row", "M12")]
public sealed class WholeFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("drover-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_file_is_made_with_its_directory_and_nothing_is_left_beside_it()
    {
        var path = Path.Combine(_directory, "a", "b", "file.json");

        WholeFile.Write(path, "one\n"u8);
        WholeFile.Write(path, "two\n"u8);

        Assert.Equal("two\n", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_new_file_never_replaces_an_old_one()
    {
        var path = Path.Combine(_directory, "file");
        File.WriteAllText(path, "old");

        Assert.Throws<IOException>(() => WholeFile.WriteNew(path, "new"u8));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void A_write_that_cannot_be_finished_leaves_nothing_behind()
    {
        var path = Path.Combine(_directory, "taken");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => WholeFile.Write(path, "x"u8));

        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_reader_sees_the_old_file_or_the_new_one_and_never_a_half()
    {
        var path = Path.Combine(_directory, "file");
        var contents = new[] { new string('a', 200_000), new string('b', 300_000) };
        WholeFile.Write(path, System.Text.Encoding.ASCII.GetBytes(contents[0]));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var looks = 0;
            do
            {
                Assert.Contains(File.ReadAllText(path), contents);
                looks++;
            }
            while (!done.IsCancellationRequested);
            return looks;
        });

        for (var i = 0; i < 50; i++) WholeFile.Write(path, System.Text.Encoding.ASCII.GetBytes(contents[i % 2]));
        await done.CancelAsync();

        Assert.True(await reader > 0);
    }
}
