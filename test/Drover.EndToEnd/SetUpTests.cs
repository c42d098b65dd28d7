using Xunit;

namespace Drover.EndToEnd;

public sealed class SetUpTests
{
    [Fact]
    public void The_programs_of_the_solution_are_built() =>
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "Drover.EndToEnd.dll")));
}
