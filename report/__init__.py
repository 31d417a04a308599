"""The report site: static pages made from the published marts, for people who look rather than query."""
