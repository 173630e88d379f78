-- Whom each agent looked at on each day (UTC), for a month: each pair is searched for what is unusual once a day.
CREATE TABLE audit.look (
  day date NOT NULL,
  agent text COLLATE "C" NOT NULL,
  patient text COLLATE "C" NOT NULL,
  PRIMARY KEY (day, agent, patient)
);
